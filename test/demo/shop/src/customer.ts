export class Customer {
  readonly id: string;
  name: string;
  /** Never leaves the process in a recording: its name says that it is a secret. */
  readonly passwordHash: string;
  constructor(id: string, name: string, passwordHash: string) {
    this.id = id;
    this.name = name;
    this.passwordHash = passwordHash;
  }
}
