export class Item {
  readonly sku: string;
  stock: number;
  constructor(sku: string, stock: number) {
    this.sku = sku;
    this.stock = stock;
  }

  take(): void {
    this.stock -= 1;
  }

  recount(stock: number): void {
    this.stock = stock;
  }
}
