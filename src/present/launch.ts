// Attributes of a debug configuration, as data. package.json's `configurationAttributes`, the type, and the table in the docs
// come from here; a test compares them.

interface LaunchAttribute {
  readonly type: 'string' | 'boolean' | 'strings' | 'number';
  readonly requests: readonly ('attach' | 'launch')[];
  readonly default?: string | boolean | number | readonly string[];
  /** English; package.json refers to it as `%launch.NAME%`. */
  readonly description: string;
}

export const LAUNCH_ATTRIBUTES = {
  target: {
    type: 'string',
    requests: ['attach'],
    default: '${command:semstate.pickTarget}',
    description:
      'What to attach to: docker:NAME, podman:NAME, pid:NUMBER, inspect:HOST:PORT, or ${command:semstate.pickTarget} to be asked.',
  },
  targets: {
    type: 'strings',
    requests: ['attach'],
    description: 'Several services on one timeline; each in the form of "target".',
  },
  source: {
    type: 'strings',
    requests: ['attach', 'launch'],
    default: ['${workspaceFolder}'],
    description: 'Directories with the source code of the service.',
  },
  store: {
    type: 'string',
    requests: ['attach', 'launch'],
    description:
      'File of the timeline. Absent: a new one in your data directory. With "request": "launch" the stored timeline is opened without any target.',
  },
  stopOnEntry: {
    type: 'boolean',
    requests: ['attach', 'launch'],
    default: true,
    description:
      'Stop the view at the first snapshot, so that entities are visible at once. The service itself goes on.',
  },
  force: {
    type: 'boolean',
    requests: ['attach'],
    default: false,
    description: 'Take snapshots even where the container has no memory headroom for them.',
  },
  method: {
    type: 'string',
    requests: ['attach'],
    default: 'auto',
    description:
      'How the memory of a service is read. auto: from outside in milliseconds where that is possible, else by a heap snapshot of V8. memory: only from outside, without opening the inspector. heap: by V8. objects: walked through the inspector, never stopping the service for long; not all is found.',
  },
  keepSnapshots: {
    type: 'boolean',
    requests: ['attach'],
    default: false,
    description: 'Keep the raw memory snapshots (compressed) beside the timeline.',
  },
  breakpointsInHistory: {
    type: 'boolean',
    requests: ['attach', 'launch'],
    default: true,
    description: 'Continue stops at breakpoints in what was recorded before it goes back to live.',
  },
  record: {
    type: 'boolean',
    requests: ['attach'],
    description:
      'true: record every state change as it happens, by editing the running program for as long as the session lasts; its files stay as they are. false: never. Absent: you are asked once the service is attached.',
  },
  pauseOnMatch: {
    type: 'boolean',
    requests: ['attach'],
    default: false,
    description:
      'While recording, a live match of a breakpoint stops the process itself at that line, until Continue or for two minutes at most. Laws stop the view alone.',
  },
  trace: {
    type: 'boolean',
    requests: ['attach', 'launch'],
    default: false,
    description: 'Write each event as a line to the debug console.',
  },
} as const satisfies { readonly [name: string]: LaunchAttribute };

type ValueOf<T extends LaunchAttribute['type']> = T extends 'string'
  ? string
  : T extends 'boolean'
    ? boolean
    : T extends 'number'
      ? number
      : readonly string[];

/** The `semantic` configuration as a client may send it: every attribute optional, nothing trusted. */
export type LaunchConfiguration = {
  readonly [N in keyof typeof LAUNCH_ATTRIBUTES]?: ValueOf<(typeof LAUNCH_ATTRIBUTES)[N]['type']>;
};

/** JSON Schema properties of one request, as package.json's debugger contribution takes them. */
export function launchSchema(request: 'attach' | 'launch'): { readonly [name: string]: object } {
  const properties: { [name: string]: object } = {};
  for (const [name, attribute] of Object.entries<LaunchAttribute>(LAUNCH_ATTRIBUTES)) {
    if (!attribute.requests.includes(request)) continue;
    properties[name] = {
      ...(attribute.type === 'strings' ? { type: 'array', items: { type: 'string' } } : { type: attribute.type }),
      description: `%launch.${name}%`,
      ...(attribute.default !== undefined && { default: attribute.default }),
    };
  }
  return properties;
}

/** The table of `docs/debugging.md`. */
export function launchTable(): string {
  const rows = Object.entries<LaunchAttribute>(LAUNCH_ATTRIBUTES).map(
    ([name, { type, requests, description, ...rest }]) => {
      const fallback = rest.default === undefined ? '' : `\`${JSON.stringify(rest.default)}\``;
      return `| \`${name}\` | ${type === 'strings' ? 'list of strings' : type} | ${requests.join(', ')} | ${fallback} | ${description} |`;
    },
  );
  return ['| attribute | type | request | default | meaning |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
