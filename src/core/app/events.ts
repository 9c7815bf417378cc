import { EventEmitter } from 'node:events'
import type { EventName, EventPayload } from '../../shared/contract'

/** Events typed by the contract: the app's own, or those of one project. */
export interface EventBus<Names extends EventName> {
  emit<N extends Names>(name: N, payload: EventPayload<N>): void
  on<N extends Names>(name: N, listener: (payload: EventPayload<N>) => void): () => void
}

export function createEventBus<Names extends EventName>(): EventBus<Names> {
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
