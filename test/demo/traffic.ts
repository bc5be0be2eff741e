// Traffic for the demo shop: three phases of one story. Order 1042 is paid and stays paid, because order 1039 took the last chairs.
import { request } from 'node:http';

/** Where the shop listens: a socket shared with its container, or a port of this machine. */
export type ShopAddress = { readonly socketPath: string } | { readonly port: number };

type Line = { readonly sku: string; readonly quantity: number };

export interface ShopClient {
  place(customer: string, lines: readonly Line[]): Promise<string>;
  act(order: string, action: 'pay' | 'pack' | 'ship' | 'deliver' | 'cancel', body?: object): Promise<void>;
  get(path: string): Promise<unknown>;
}

export function shopClient(address: ShopAddress): ShopClient {
  const call = (method: string, path: string, body?: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const sent = request({ ...address, host: '127.0.0.1', method, path, timeout: 10_000 }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`${path}: ${text}`)),
        );
      });
      sent.on('error', reject).on('timeout', () => sent.destroy(new Error(`${path}: no answer`)));
      sent.end(body && JSON.stringify(body));
    });
  return {
    async place(customer, lines) {
      const { id } = (await call('POST', '/orders', { customer, lines })) as { id: string };
      return id;
    },
    async act(order, action, body) {
      await call('POST', `/orders/${order}/${action}`, body);
    },
    get: (path) => call('GET', path),
  };
}

export const STUCK_ORDER = '1042';

const customers = ['c-1', 'c-2', 'c-3'];
const customer = (n: number): string => customers[n % customers.length] ?? 'c-1';

/** Orders 1001-1038 come and mostly go. */
export async function firstPhase(shop: ShopClient): Promise<void> {
  for (let n = 0; n < 38; n += 1) {
    const id = await shop.place(customer(n), [{ sku: n % 3 ? 'SKU-1' : 'SKU-2', quantity: 1 }]);
    if (n % 11 === 10) {
      await shop.act(id, 'pay', { accepted: false });
      continue;
    }
    if (n % 13 === 12) {
      await shop.act(id, 'cancel');
      continue;
    }
    if (n % 7 === 6) continue;
    await shop.act(id, 'pay');
    await shop.act(id, 'pack');
    await shop.act(id, 'ship');
    if (n % 5) await shop.act(id, 'deliver');
  }
}

/** 1039 wants the last three chairs; 1042 wants one of them as well, and both are placed. */
export async function secondPhase(shop: ShopClient): Promise<void> {
  await shop.place('c-2', [{ sku: 'SKU-3', quantity: 3 }]);
  for (const n of [1, 2]) await shop.place(customer(n), [{ sku: 'SKU-1', quantity: n }]);
  await shop.place('c-1', [
    { sku: 'SKU-3', quantity: 1 },
    { sku: 'SKU-1', quantity: 2 },
  ]);
}

/** Both are paid; 1039 is packed first. */
export async function thirdPhase(shop: ShopClient): Promise<void> {
  await shop.act(STUCK_ORDER, 'pay');
  await shop.act('1039', 'pay');
  await shop.act('1039', 'pack');
  await shop.act('1040', 'pay');
}

/** 1039 leaves, 1042 asks for packing in vain. */
export async function fourthPhase(shop: ShopClient): Promise<void> {
  await shop.act('1039', 'ship');
  await shop.act(STUCK_ORDER, 'pack');
  await shop.act('1040', 'pack');
  await shop.act('1040', 'ship');
}
