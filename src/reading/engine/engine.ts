/**
 * The engine process: preprocessing, inference and decoding, away from every event loop that a person waits for.
 * Entry of out/main/engine.js.
 */
import { availableParallelism } from 'node:os'
import { endAtOnce, openPort } from '../processes'
import { messageOf, NominaError } from '../../shared/failure'
import { loadModel } from '../models'
import { chooseProvider, openSecond } from './choose'
import type { EngineReply, EngineRequest } from './protocol'
import { Reader } from './reader'
import { refusal, type ModelSession } from './session'
import { batchSizeFor, LARGEST_BATCH, threadsFor } from './tuning'

type Load = Extract<EngineRequest, { type: 'load' }>

/** Exit code, as for an internal software error in sysexits.h. */
const PROVIDER_FAILED = 70

const port = openPort<EngineRequest, EngineReply>()
let reader: Reader | null = null
const sessions: ModelSession[] = []
/** Loads one after another. */
let loading: Promise<void> = Promise.resolve()

port.onMessage((message) => {
  switch (message.type) {
    case 'load':
      loading = loading.then(() => load(message)).catch((error: unknown) => fail(message.id, error))
      break
    case 'read':
      void loading.then(() => {
        if (reader) reader.read(message.id, message.items)
        else fail(message.id, new NominaError('refused', 'No model is loaded.'))
      })
      break
    case 'cancel':
      void loading.then(() => reader?.cancel(message.id))
      break
    case 'stop':
      endAtOnce()
  }
})

async function load({ id, manifestPath, hash, provider, excluded }: Load): Promise<void> {
  await reader?.whenIdle()
  reader = null
  for (const session of sessions.splice(0)) await session.close()
  const model = await loadModel(manifestPath)
  if (model.hash !== hash) {
    throw refusal(model, 'the manifest or the model was changed since it was found; look for models again')
  }
  const onTrying = (name: string): void => port.post({ type: 'trying', id, provider: name })
  const threads = threadsFor(Number(process.env.NOMINA_THREADS) || availableParallelism())
  const chosen = await chooseProvider(model, {
    wanted: provider,
    excluded,
    threads,
    batch: LARGEST_BATCH,
    onTrying
  })
  const { session } = chosen
  sessions.push(session)
  const second = await openSecond(session, { threads: chosen.threads, onTrying })
  if (second) sessions.push(second)
  reader = new Reader(session, second, batchSizeFor(chosen.fieldsPerSecond), {
    onBatch: () => port.post({ type: 'alive' }),
    // A lost device does not come back in this process: the core starts another, and in the end without the provider.
    onProviderFailure: (error) => {
      console.error(`error: ${messageOf(error)}`)
      process.exit(PROVIDER_FAILED)
    },
    onResults: (request, results, inferenceMs) => port.post({ type: 'results', id: request, results, inferenceMs })
  })
  const { providers, note } = chosen
  port.post({ type: 'loaded', id, provider: session.provider.name, providers, note })
}

function fail(id: number, error: unknown): void {
  const code = error instanceof NominaError ? error.code : 'internal'
  port.post({ type: 'failed', id, code, reason: messageOf(error) })
}
