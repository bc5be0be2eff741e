// A reporter for Node's test runner that names the files in which a test failed, one a line.
interface TestEvent {
  readonly type: string;
  readonly data: { readonly file?: string };
}

export default async function* failures(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const named = new Set<string>();
  for await (const { type, data } of events) {
    if (type !== 'test:fail' || data.file === undefined || named.has(data.file)) continue;
    named.add(data.file);
    yield `${data.file}\n`;
  }
}
