/** How fast decisions are made; asked for again whenever fields or the project change. */
import type { Output } from '../../../shared/contract'
import { call, on } from './api'
import { session } from './session.svelte'

const interval = 4000
let asked = 0
let timer: ReturnType<typeof setTimeout> | null = null

const unknown: Output<'review.pace'> = { decidedToday: 0, perMinute: null, secondsLeft: null }
export const pace = $state<{ value: Output<'review.pace'> }>({ value: unknown })

async function ask(): Promise<void> {
  asked = Date.now()
  timer = null
  try {
    pace.value = await call('review.pace', {})
  } catch {
    // The figure is a convenience; without a project or a connection it keeps what it had.
  }
}

/** At most once an interval. */
function askSoon(): void {
  timer ??= setTimeout(() => void ask(), Math.max(0, asked + interval - Date.now()))
}

on('fields.changed', askSoon)
session.onAnotherProject(() => {
  pace.value = unknown
  if (timer !== null) clearTimeout(timer)
  timer = null
  asked = 0
  askSoon()
})
