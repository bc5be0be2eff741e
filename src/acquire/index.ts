// Reaching a running service: container engines, processes, byte tunnels, inspector sessions, captures.
// Knows engines and protocols; does not know what is in the bytes.
export type {
  Channel,
  CommandResult,
  ContainerRuntime,
  TargetAddress,
  TargetList,
  TargetProcess,
  TargetResources,
} from './target.ts';
