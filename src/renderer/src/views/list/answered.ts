import { onConnection } from '../../host'
import { CallFailure } from '../../lib/api'

/**
 * Asks until there is an answer: where the connection was lost on the way, the same question is put again once it is
 * back. It must name its request, so that the core does it once.
 * @throws what the core refused with
 */
export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof CallFailure) || error.code !== 'lost') throw error
      await connected()
    }
  }
}

const connected = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = onConnection((state) => {
      if (state !== 'connected') return
      stop()
      resolve()
    })
  })
