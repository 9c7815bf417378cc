/** How long programs took, less what others took of the processor meanwhile: a busy machine is no fault of theirs. */
import { readFileSync } from 'node:fs'

interface Share {
  /** Seconds on the processor, and seconds ready for it while others had it. */
  worked: number
  waited: number
}

export class Shares {
  /** By process, also of those that have ended. */
  private readonly known = new Map<number, Share>()

  look(pids: number[]): void {
    for (const pid of pids) {
      const share = shareOf(pid)
      if (share) this.known.set(pid, share)
    }
  }

  /** As of the last look. Where the system says nothing of shares, the clock's seconds. */
  stopwatch(): () => number {
    const [from, before] = [performance.now(), this.sum()]
    return () => {
      const now = this.sum()
      const passed = (performance.now() - from) / 1000
      return Math.max(passed - (now.waited - before.waited), Math.min(passed, now.worked - before.worked))
    }
  }

  private sum(): Share {
    const all = [...this.known.values()]
    const of = (key: keyof Share): number => all.reduce((total, share) => total + share[key], 0)
    return { worked: of('worked'), waited: of('waited') }
  }
}

/** Of its main thread, which is the one that is waited for. */
function shareOf(pid: number): Share | null {
  try {
    const [worked, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number)
    return { worked: worked! / 1e9, waited: waited! / 1e9 }
  } catch {
    return null // it has ended, or this system does not say
  }
}
