/** Whether bytes can be an ONNX model at all, found without running them. */

/** Field numbers of onnx.proto's ModelProto: ir_version is 1, graph is 7, the highest known is 25. */
const GRAPH = 7
const HIGHEST = 100

/**
 * Walks the outermost fields of the protocol buffer: they must fill the file exactly and hold a graph.
 * Answers null for a model, else why it is none.
 */
export function reasonNotOnnx(bytes: Buffer): string | null {
  if (bytes.length === 0) return 'the file is empty'
  let at = 0
  let hasGraph = false
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('cut off')
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new TypeError('no varint')
  }
  try {
    while (at < bytes.length) {
      const tag = varint()
      const field = Math.floor(tag / 8)
      const wire = tag % 8
      if (field < 1 || field > HIGHEST) return 'the file is not an ONNX model'
      if (wire === 0) varint()
      else if (wire === 1) at += 8
      else if (wire === 5) at += 4
      else if (wire === 2) {
        const length = varint() // moves `at` itself
        at += length
      } else return 'the file is not an ONNX model'
      if (field === GRAPH && wire === 2) hasGraph = true
    }
  } catch (error) {
    return error instanceof RangeError && hasGraph ? 'the file is cut off' : 'the file is not an ONNX model'
  }
  if (at > bytes.length) return hasGraph ? 'the file is cut off' : 'the file is not an ONNX model'
  return hasGraph ? null : 'the file is not an ONNX model: it has no graph'
}
