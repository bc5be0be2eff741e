// A program of ours beside a container's processes, with the rights that reading their memory takes: in a helper container of the same
// image, which sees the processes of the engine's machine, has no network and no file of its own to write, and is gone afterwards. An exec
// into the container itself, with whatever rights, will not do: the kernel does not let the first process of a container be stopped from
// inside, and the copy would count against the container's memory limit.
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ContainerInspectInfo } from 'dockerode';
import type { Work } from '../../model/index.ts';
import { within } from '../deadline.ts';
import { execFailed } from '../failures.ts';
import { RELAY_ENVIRONMENT, RELAY_MARK } from '../remote/programs.ts';
import { engineFailure, type Engine } from './engine.ts';
import { ExecStream } from './frames.ts';

const START_MS = 20_000;
const KEEPALIVE_MS = 10_000;
export const HELPER_LABEL = 'semstate.helper';
/** To read memory of others, to stop and resume them, and to find their program. */
const CAPABILITIES = ['SYS_PTRACE', 'KILL', 'DAC_READ_SEARCH'];

/** @param binary the image's Node.js @throws Failure of the engine, `exec-failed` */
export async function runBeside(
  engine: Engine,
  info: ContainerInspectInfo,
  binary: string,
  program: string,
  work?: Work,
): Promise<ExecStream> {
  const name = info.Name.replace(/^\//, '');
  try {
    return await within(`Starting a helper container beside ${name}`, START_MS, work, async (signal) => {
      const helper = await engine.client.createContainer({
        Image: info.Image,
        Entrypoint: [binary, '-e', program],
        Cmd: [RELAY_MARK],
        Env: [...RELAY_ENVIRONMENT],
        User: '0',
        WorkingDir: '/',
        Labels: { [HELPER_LABEL]: info.Id.slice(0, 12) },
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        OpenStdin: true,
        StdinOnce: true,
        Tty: false,
        HostConfig: {
          PidMode: 'host',
          CapDrop: ['ALL'],
          CapAdd: CAPABILITIES,
          NetworkMode: 'none',
          ReadonlyRootfs: true,
          AutoRemove: true,
        },
      });
      try {
        const options = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true, abortSignal: signal };
        const raw = (await engine.tunnels.getContainer(helper.id).attach(options)) as Duplex;
        if (raw instanceof Socket) raw.setKeepAlive(true, KEEPALIVE_MS);
        const stream = new ExecStream(raw);
        // Whoever reads hears of an end by 'close'; an error has to be heard by someone to be no crash.
        stream.on('error', () => undefined);
        await helper.start();
        return stream;
      } catch (error) {
        await helper.remove({ force: true, v: true }).catch(() => undefined);
        throw error;
      }
    });
  } catch (error) {
    const failure = engineFailure(engine.name, error);
    throw failure.code === 'engine-error' ? execFailed(`a helper container beside ${name}`, failure.message) : failure;
  }
}
