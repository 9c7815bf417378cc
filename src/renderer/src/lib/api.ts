import type { EndpointName, EventName, EventPayload, Failure, Input, Output } from '../../../shared/contract'
import { ConnectionLost, transport } from '../host'
import { inWords } from '../i18n/core'
export { messageOf } from '../../../shared/text'

/** What a call throws where the core refused it: its message is for people. */
export class CallFailure extends Error implements Failure {
  constructor(
    readonly code: string,
    message: string
  ) {
    super(message)
    this.name = 'CallFailure'
  }
}

/**
 * Calls an endpoint of the core. Reactive proxies are snapshotted: they can't be cloned into another process.
 * @throws CallFailure where the core refused, with code `lost` where no reply came and the call may be repeated
 */
export async function call<N extends EndpointName>(name: N, input: Input<N>): Promise<Output<N>> {
  const plain = JSON.parse(JSON.stringify(input)) as Input<N>
  let reply
  try {
    reply = await transport.call(name, plain)
  } catch (error) {
    if (error instanceof ConnectionLost) throw new CallFailure('lost', error.message)
    throw new CallFailure('internal', error instanceof Error ? error.message : String(error))
  }
  if (reply.ok) return reply.value
  throw new CallFailure(reply.error.code, inWords(reply.error))
}

/**
 * Listens to an event of the core; returns how to stop. Nothing that a listener returns gets back: Electron's bridge clones
 * it, a reactive proxy can't be cloned, and other listeners of the event would never hear it.
 */
export const on = <N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): (() => void) =>
  transport.on(name, (payload) => {
    listener(payload)
  })
