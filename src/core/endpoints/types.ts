import type * as v from 'valibot'
import type { endpoints, EndpointName, Output } from '../../shared/contract'
import type { Caller } from '../caller'
import type { Context } from '../context'

export type Parsed<N extends EndpointName> = v.InferOutput<(typeof endpoints)[N]['input']>
/** A function for each of these endpoints: exhaustive at compile time. */
export type HandlersOf<N extends EndpointName> = {
  [E in N]: (context: Context, input: Parsed<E>, caller: Caller) => Output<E> | Promise<Output<E>>
}
