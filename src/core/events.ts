import { EventEmitter } from 'node:events'
import type { EventName, EventPayload } from '../shared/contract'

/** The core's events, typed by the contract; a shell forwards each to its windows. */
export interface EventBus {
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
}

export function createEventBus(): EventBus {
  const emitter = new EventEmitter()
  emitter.setMaxListeners(0)
  return {
    emit: (name, payload) => void emitter.emit(name, payload),
    on(name, listener) {
      emitter.on(name, listener)
      return () => void emitter.off(name, listener)
    }
  }
}
