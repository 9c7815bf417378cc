/** What a person asked for: whether it is under way, and why it failed. */
import { wasCancelled } from '../../../shared/failure'
import { messageOf } from './api'

export class Attempt {
  busy = $state(false)
  failure = $state<string | null>(null)
  #asked = 0

  /** Of several only the newest one counts; what it was asked for is taken while it is. */
  run = async (act: (isNewest: () => boolean) => Promise<void>): Promise<void> => {
    const mine = ++this.#asked
    const isNewest = (): boolean => mine === this.#asked
    this.busy = true
    this.failure = null
    try {
      await act(isNewest)
    } catch (error) {
      if (isNewest() && !wasCancelled(error)) this.failure = messageOf(error)
    } finally {
      if (isNewest()) this.busy = false
    }
  }
}
