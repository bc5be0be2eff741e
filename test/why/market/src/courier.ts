export class Courier {
  readonly name: string;
  onDuty = true;
  constructor(name: string) {
    this.name = name;
  }

  goHome(): void {
    this.onDuty = false;
  }
}
