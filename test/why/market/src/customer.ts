export class Customer {
  readonly id: string;
  blocked = false;
  constructor(id: string) {
    this.id = id;
  }

  block(): void {
    this.blocked = true;
  }
}
