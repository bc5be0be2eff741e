export class Product {
  readonly sku: string;
  readonly title: string;
  readonly price: number;
  stock: number;
  constructor(sku: string, title: string, price: number, stock: number) {
    this.sku = sku;
    this.title = title;
    this.price = price;
    this.stock = stock;
  }
  take(quantity: number): void {
    this.stock -= quantity;
  }
  refill(quantity: number): void {
    this.stock += quantity;
  }
}
