import type { Host, Transport } from '../../src/shared/contract'

/** A shell as the page meets it: `host.ts` over its wire, and the images it serves. */
export interface Shell {
  transport: Transport
  host: Host
  /** GET of a path of the page's own origin, such as `crop/1/full`. */
  get(path: string): Promise<{ status: number; headers: Headers; bytes: Uint8Array }>
  close(): Promise<void>
}

/** Opens a shell whose core has this data folder. */
export type OpenShell = (dataDir: string) => Promise<Shell>
