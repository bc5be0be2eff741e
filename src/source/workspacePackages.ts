// Packages of one workspace by their names: `@acme/domain` is a directory beside, though nothing is installed.
import ts from 'typescript';
import { directoryOf } from './files.ts';
import type { SourceHost } from './sourceHost.ts';

type ByName = (name: string, moduleHost: ts.ModuleResolutionHost) => ts.ResolvedModuleFull | undefined;

interface Manifest {
  readonly name?: unknown;
  readonly source?: unknown;
  readonly types?: unknown;
  readonly main?: unknown;
}

export function workspacePackages(host: SourceHost, manifests: readonly string[]): ByName {
  const directories = new Map<string, { directory: string; manifest: Manifest }>();
  for (const path of manifests) {
    if (!path.endsWith('/package.json')) continue;
    const manifest = parse(host.readFile(path));
    if (typeof manifest.name === 'string') directories.set(manifest.name, { directory: directoryOf(path), manifest });
  }
  const options: ts.CompilerOptions = {
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
    allowJs: true,
    allowImportingTsExtensions: true,
  };
  return (name, moduleHost) => {
    const owner = [...directories.keys()].find((known) => name === known || name.startsWith(`${known}/`));
    const found = owner === undefined ? undefined : directories.get(owner);
    if (owner === undefined || !found) return undefined;
    const { directory, manifest } = found;
    const below = name.slice(owner.length + 1);
    const entries = [manifest.source, manifest.types, manifest.main].filter((e): e is string => typeof e === 'string');
    // What is published stands in an output directory; what it was built from stands in `src` or at the top.
    const guesses =
      below === ''
        ? ['src/index', 'index', ...entries, 'src/main', 'lib/index']
        : [`src/${below}`, below, `lib/${below}`];
    for (const guess of guesses) {
      const target = `./${guess.replace(/^\.\//, '').replace(/\.(?:d\.)?[cm]?[jt]s$/, '')}`;
      const resolved = ts.resolveModuleName(target, `${directory}/package.json.ts`, options, moduleHost).resolvedModule;
      if (resolved && !resolved.resolvedFileName.endsWith('.d.ts')) return resolved;
    }
    return undefined;
  };
}

function parse(text: string | undefined): Manifest {
  try {
    const value: unknown = JSON.parse((text ?? '').replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null ? (value as Manifest) : {};
  } catch {
    return {};
  }
}
