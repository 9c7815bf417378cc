/**
 * Messages between this process and a child of Node, as MessagePack in base64. Not as Node's `advanced` serialisation, which is
 * V8's own: the desktop app's V8 and that of the Node beside it are two versions (a newer one can write what an older one can't
 * read), and Electron 22's `v8.serialize` ends its process (electron/electron#37774).
 */
import { decode, encode } from '@msgpack/msgpack'

/** A message of plain values and `Uint8Array`s. What is undefined is left out. */
export function packed(message: object): string {
  const { buffer, byteOffset, byteLength } = encode(message, { ignoreUndefined: true })
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}

export const unpacked = <Message>(text: string): Message => decode(Buffer.from(text, 'base64')) as Message
