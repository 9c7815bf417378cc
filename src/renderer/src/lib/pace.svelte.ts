/** How fast decisions are made; asked for again now and then while they are. */
import type { Output } from '../../../shared/contract'
import { call } from './api'

const interval = 4000
let asked = 0
let timer: ReturnType<typeof setTimeout> | null = null

export const pace = $state<{ value: Output<'review.pace'> }>({
  value: { decidedToday: 0, perMinute: null, secondsLeft: null }
})

async function ask(): Promise<void> {
  asked = Date.now()
  timer = null
  try {
    pace.value = await call('review.pace', {})
  } catch {
    // The figure is a convenience; without a project or a connection it keeps what it had.
  }
}

/** To be called after each decision: asks at most once an interval. */
export function refreshPace(): void {
  timer ??= setTimeout(() => void ask(), Math.max(0, asked + interval - Date.now()))
}
