// A small shop over HTTP. PORT 0 takes any free port; a SOCKET path serves where there is no network at all.
import { createServer, type IncomingMessage } from 'node:http';
import { Shop } from './shop.ts';

const shop = new Shop();

async function body(request: IncomingMessage): Promise<Record<string, never>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text ? (JSON.parse(text) as Record<string, never>) : {};
}

const server = createServer((request, response) => {
  void (async () => {
    try {
      const [, what, id = '', action] = (request.url ?? '/').split('/');
      const sent = await body(request);
      const answer = (): unknown => {
        if (what === 'orders' && !id && request.method === 'POST') return shop.place(sent['customer']!, sent['lines']!);
        if (what === 'orders' && action === 'pay') return shop.pay(id, sent['accepted'] !== (false as never));
        if (what === 'orders' && action === 'pack') return { packed: shop.pack(id) };
        if (what === 'orders' && action === 'ship') return shop.ship(id);
        if (what === 'orders' && action === 'deliver') return shop.deliver(id);
        if (what === 'orders' && action === 'cancel') return shop.cancel(id);
        if (what === 'orders' && id) return { id, status: shop.order(id).status };
        return { orders: shop.orders.size };
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer() ?? {}));
    } catch (error) {
      response.statusCode = 409;
      response.end(JSON.stringify({ error: String(error) }));
    }
  })();
});
server.listen(process.env['SOCKET'] ?? Number(process.env['PORT'] ?? 0), () =>
  console.log(`listening ${JSON.stringify(server.address())}`),
);
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
