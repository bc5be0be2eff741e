// The target's inspector lent to another debugger of this machine: a port on loopback, and for each connection to it a byte channel of
// its own into the target. Nothing is published in the target's network, and the port is gone with the attach. Whoever may open
// connections on this machine's loopback may use it until then, as with any inspector.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { InspectorForward } from './attachment.ts';
import type { Channel, ContainerRuntime, InspectorEndpoint } from './target.ts';

const HOST = '127.0.0.1';

/** @throws Error of the system where no port can be had */
export async function forwardInspector(
  runtime: ContainerRuntime,
  inspector: InspectorEndpoint,
): Promise<InspectorForward> {
  const sockets = new Set<Socket>();
  const channels = new Set<Promise<Channel>>();
  // The session held by the attach closes an inspector that it opened; those beside it leave it as it is.
  const lent = { ...inspector, opened: false };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const channel = runtime.connect(lent);
    channels.add(channel);
    channel.then(
      ({ stream }) => {
        socket.on('close', () => stream.destroy());
        stream.on('close', () => socket.destroy());
        stream.on('error', () => socket.destroy());
        if (socket.destroyed) stream.destroy();
        else socket.pipe(stream).pipe(socket);
      },
      () => socket.destroy(),
    );
    socket.on('close', () => {
      channels.delete(channel);
      void closeChannel(channel);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port: 0 }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host: HOST,
    port,
    url: `ws://${HOST}:${port}/${inspector.id}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const open = [...channels];
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, ...open.map(closeChannel)]);
    },
  };
}

/** Never throws. */
async function closeChannel(channel: Promise<Channel>): Promise<void> {
  try {
    await (await channel)[Symbol.asyncDispose]();
  } catch {
    // It never came to be.
  }
}
