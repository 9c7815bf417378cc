/**
 * JPEG by libjpeg-turbo in WebAssembly: the same decoder, and so the same pixels, as libvips has, without the libraries
 * that libvips brings along. Called at the C interface, since the package's own function always makes four channels
 * and copies them twice.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { readExif, inDpi, type Noted } from './exif'
import type { ImageHeader, RawPixels } from './header'

/** Start of frame: baseline, extended and progressive by Huffman codes; the others (lossless, arithmetic) are left to another decoder. */
const frames = new Set([0xc0, 0xc1, 0xc2])
const otherFrames = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])
const app0 = 0xe0
const app1 = 0xe1
const startOfScan = 0xda
const endOfImage = 0xd9

/** @returns null for a kind that this decoder leaves to another, and for what is no whole header */
export function jpegHeader(bytes: Buffer): ImageHeader | null {
  let noted: Noted = { orientation: 1, dpi: null }
  let jfif: Noted['dpi'] = null
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at++ // padding
      continue
    }
    if (marker === startOfScan || marker === endOfImage || otherFrames.has(marker)) return null
    const length = bytes.readUInt16BE(at + 2)
    const segment = bytes.subarray(at + 4, at + 2 + length)
    if (frames.has(marker)) return segment.length < 6 ? null : frameHeader(segment, noted, jfif)
    if (marker === app0 && segment.toString('latin1', 0, 5) === 'JFIF\0' && segment.length >= 12)
      jfif = jfifDpi(segment)
    if (marker === app1 && segment.toString('latin1', 0, 6) === 'Exif\0\0') noted = readExif(segment.subarray(6))
    at += 2 + length
  }
  return null
}

function jfifDpi(segment: Buffer): Noted['dpi'] {
  const unit = segment[7]
  if (unit !== 1 && unit !== 2) return null
  return inDpi(segment.readUInt16BE(8), segment.readUInt16BE(10), unit === 2 ? 2.54 : 1)
}

function frameHeader(segment: Buffer, noted: Noted, jfif: Noted['dpi']): ImageHeader | null {
  const [bits, components] = [segment[0]!, segment[5]!]
  const [height, width] = [segment.readUInt16BE(1), segment.readUInt16BE(3)]
  if (bits !== 8 || width === 0 || height === 0) return null
  if (components !== 1 && components !== 3) return null
  return {
    format: 'jpeg',
    width,
    height,
    orientation: noted.orientation,
    pages: 1,
    grey: components === 1,
    cmyk: false,
    alpha: false,
    bits,
    dpi: noted.dpi ?? jfif
  }
}

/** The exported functions of TurboJPEG 2 (turbojpeg.h); pointers are offsets into `memory`. */
interface TurboJpeg {
  memory: WebAssembly.Memory
  malloc(size: number): number
  free(pointer: number): void
  tjInitDecompress(): number
  tjDecompress2(
    handle: number,
    jpeg: number,
    size: number,
    pixels: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number
  ): number
}
const pixelFormats = { 1: 6, 3: 0 } as const

/** WebAssembly's memory never shrinks: after an image of more bytes the decoder is made anew. */
const mostKept = 48 * 1024 * 1024

let compiled: WebAssembly.Module | null = null
let decoder: { turbo: TurboJpeg; handle: number } | null = null

/**
 * @param grey only the luma of a colour image, which is a third of the memory
 * @returns null for what is damaged or cut off in any way: another decoder has the last word
 */
export function decodeJpeg(bytes: Uint8Array, { width, height }: ImageHeader, grey: boolean): RawPixels | null {
  const channels = grey ? 1 : 3
  const size = width * height * channels
  try {
    const { turbo, handle } = (decoder ??= createDecoder())
    const input = turbo.malloc(bytes.length)
    const output = turbo.malloc(size)
    if (!input || !output) throw new RangeError('out of memory')
    new Uint8Array(turbo.memory.buffer, input, bytes.length).set(bytes)
    const status = turbo.tjDecompress2(
      handle,
      input,
      bytes.length,
      output,
      width,
      width * channels,
      height,
      pixelFormats[channels],
      0
    )
    const data = status === 0 ? new Uint8Array(turbo.memory.buffer, output, size).slice() : null
    turbo.free(input)
    turbo.free(output)
    if (turbo.memory.buffer.byteLength > mostKept) decoder = null
    return data && { data, width, height, channels }
  } catch {
    // Where C would jump out of the decoder an exception comes, and leaves it in no state to go on with.
    decoder = null
    return null
  }
}

function createDecoder(): { turbo: TurboJpeg; handle: number } {
  compiled ??= new WebAssembly.Module(
    readFileSync(createRequire(import.meta.url).resolve('@cwasm/jpeg-turbo/jpeg-turbo.wasm'))
  )
  const never = (): never => {
    throw new Error('the decoder gave up')
  }
  // It asks for settings in the environment: there are none, of no length.
  const noSettings = (count: number, length: number): number => {
    new Uint32Array(turbo.memory.buffer)[count / 4] = 0
    new Uint32Array(turbo.memory.buffer)[length / 4] = 0
    return 0
  }
  const system = {
    environ_sizes_get: noSettings,
    environ_get: () => 0,
    ...Object.fromEntries(['proc_exit', 'fd_close', 'fd_seek', 'fd_write'].map((name) => [name, never]))
  }
  const { exports } = new WebAssembly.Instance(compiled, {
    env: { setjmp: () => 0, longjmp: never },
    wasi_snapshot_preview1: system
  })
  const turbo = exports as unknown as TurboJpeg
  return { turbo, handle: turbo.tjInitDecompress() }
}
