// What an engine says of a container: the space dimension of context.
import type { ContainerInspectInfo } from 'dockerode';
import type { Engine } from './engine.ts';

export function describeContainer(engine: Engine, info: ContainerInspectInfo): { readonly [name: string]: string } {
  const { Config, HostConfig, Id, Name } = info;
  const labels = Object.entries(Config.Labels ?? {}).map(([name, value]) => [`label.${name}`, value]);
  return {
    runtime: engine.kind,
    container: Name.replace(/^\//, ''),
    containerId: Id.slice(0, 12),
    image: Config.Image,
    host: Config.Hostname,
    network: HostConfig.NetworkMode ?? '',
    engine: engine.name,
    ...(Object.fromEntries(labels) as { [name: string]: string }),
  };
}
