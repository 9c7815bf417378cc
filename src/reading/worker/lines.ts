import { StringDecoder } from 'node:string_decoder'
import { addAbortSignal, type Readable } from 'node:stream'

/**
 * Lines of a stream, as they are asked for: while nobody asks nothing more is taken from it, where readline would take in
 * a thousand lines whatever their length.
 * @throws the signal's reason; the stream's errors
 */
export async function* linesOf(input: Readable, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let pieces: string[] = []
  try {
    for await (const chunk of addAbortSignal(signal, input) as AsyncIterable<string | Buffer>) {
      const [first = '', ...lines] = (typeof chunk === 'string' ? chunk : decoder.write(chunk)).split('\n')
      pieces.push(first)
      for (const line of lines) {
        yield pieces.join('')
        pieces = [line]
      }
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
  pieces.push(decoder.end())
  yield pieces.join('')
}
