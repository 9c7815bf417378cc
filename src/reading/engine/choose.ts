/** Which execution provider a model runs on: the fastest that works here, measured, or the one a person named. */
import type { ProviderReport } from '../../shared/domain'
import { messageOf } from '../../shared/failure'
import type { Model } from '../models'
import type { Excluded } from './protocol'
import { findProvider, knownProviders, reasonOfProviderError, type Provider } from './providers'
import {
  firstUnusable,
  largestDifference,
  openChecked,
  openSession,
  refusal,
  runExample,
  type ModelSession
} from './session'

export interface Chosen {
  session: ModelSession
  /** Of the CPU: as many as were given, or half of them. */
  threads: number
  providers: ProviderReport[]
  /** Fields a second in the warm-up. */
  fieldsPerSecond: number
  /** What a person should know: a fallback, mostly. */
  note: string | null
}

export interface ChooseOptions {
  /** A provider's name; null: the fastest that works. */
  wanted: string | null
  excluded: Excluded[]
  threads: number
  /** Fields in a measured batch. */
  batch: number
  onTrying(provider: string): void
}

/** Fields a second of a model of which all threads and half of them are compared; turns of it; and what is as fast. */
const [FAST, TURNS, AS_FAST] = [100, 4, 0.95]

/** Probabilities on a provider may differ by this much from the CPU's. */
const TOLERANCE = 0.02

/**
 * The model is always opened on the CPU first: what fails there is the model's fault, what fails elsewhere the
 * provider's.
 * @throws NominaError `refused` (the model), `invalid-input` (an unknown provider)
 */
export async function chooseProvider(model: Model, options: ChooseOptions): Promise<Chosen> {
  const wanted = options.wanted === null ? null : findProvider(options.wanted)
  const known = knownProviders()
  const cpu = known.at(-1)!
  options.onTrying(cpu.name)
  const opened = { session: await openChecked(model, cpu, options.threads), threads: options.threads }
  const isAnother = wanted !== null && wanted !== cpu
  const { session: onCpu, threads } = isAnother ? opened : await withFewestThreads(opened.session, options)
  const reports = new Map<string, ProviderReport>()
  const cpuSpeed = await measure(onCpu, options.batch)
  reports.set(cpu.name, report(cpu, 'available', 'It works.', cpuSpeed))
  let best = { session: onCpu, speed: cpuSpeed }
  for (const provider of known.slice(0, -1)) {
    const skip = reasonToSkip(provider, wanted, options.excluded, best.session.provider, cpu)
    if (skip) {
      reports.set(provider.name, skip)
      continue
    }
    options.onTrying(provider.name)
    const tried = await tryProvider(provider, onCpu, options)
    if ('reason' in tried) {
      reports.set(provider.name, report(provider, 'unavailable', tried.reason, null))
      continue
    }
    const { session, speed } = tried
    const faster = wanted === provider || speed > best.speed
    const loser = faster ? best.session : session
    reports.set(provider.name, report(provider, 'available', 'It works.', speed))
    if (faster) best = { session, speed }
    if (loser !== onCpu) await loser.close()
  }
  if (best.session !== onCpu) await onCpu.close()
  const chosen = best.session.provider
  for (const [name, tried] of reports) {
    if (tried.status === 'available') reports.set(name, outcome(tried, chosen, wanted))
  }
  return {
    session: best.session,
    threads,
    providers: [...reports.values()].sort((a, b) => rank(known, a) - rank(known, b)),
    fieldsPerSecond: best.speed,
    note: noteOf(wanted, chosen, reports, options.excluded)
  }
}

/**
 * Two processors may be two threads of one core: where half of the threads are as fast, the others are left to the windows
 * and to whoever decodes the next images. Of a slow model every thread is wanted, and it would take long to tell.
 */
async function withFewestThreads(
  session: ModelSession,
  { threads, batch }: Pick<ChooseOptions, 'threads' | 'batch'>
): Promise<{ session: ModelSession; threads: number }> {
  const given = { session, threads }
  const fewer = Math.ceil(threads / 2)
  const count = session.fixedBatch ?? batch
  if (fewer === threads || (await timed(session, session.fixedBatch ?? 1)) < FAST) return given
  const inner = await openSession(session.model, session.provider, fewer).catch(() => null)
  if (!inner) return given
  const other = { ...inner, fixedBatch: session.fixedBatch }
  let isAsFast = false
  try {
    await timed(other, count) // its first run sets it up
    // In turns, the best of each: other work on the machine slows down both.
    const best = { all: 0, fewer: 0 }
    for (let turn = 0; turn < TURNS; turn++) {
      best.all = Math.max(best.all, await timed(session, count))
      best.fewer = Math.max(best.fewer, await timed(other, count))
    }
    isAsFast = best.fewer >= AS_FAST * best.all
  } catch {
    // It can't run here; the one that was checked can.
  }
  await (isAsFast ? session : other).close()
  return isAsFast ? { session: other, threads: fewer } : given
}

/**
 * The model's second network, where its first runs if it can, else on the CPU; null where the model has none.
 * @throws NominaError `refused`: it can't be opened, or does not fit the first
 */
export async function openSecond(
  first: ModelSession,
  { threads, onTrying }: Pick<ChooseOptions, 'threads' | 'onTrying'>
): Promise<ModelSession | null> {
  const { second } = first.model
  if (!second) return null
  const cpu = knownProviders().at(-1)!
  onTrying(cpu.name)
  const onCpu = await openChecked(second, cpu, threads)
  try {
    const [one, other] = [
      await runExample(first, first.fixedBatch ?? 1),
      await runExample(onCpu, onCpu.fixedBatch ?? 1)
    ]
    if (one.frames !== other.frames)
      throw refusal(second, `cascade: it gives ${other.frames} frames, the first network ${one.frames}`)
  } catch (error) {
    await onCpu.close()
    throw error
  }
  if (first.provider === onCpu.provider) return onCpu
  onTrying(first.provider.name)
  const tried = await tryProvider(first.provider, onCpu, { threads, batch: 1, wanted: first.provider.name })
  if ('reason' in tried) return onCpu
  await onCpu.close()
  return tried.session
}

function reasonToSkip(
  provider: Provider,
  wanted: Provider | null,
  excluded: Excluded[],
  best: Provider,
  cpu: Provider
): ProviderReport | null {
  const exclusion = excluded.find(({ name }) => name === provider.name)
  if (exclusion) return report(provider, 'unavailable', exclusion.reason, null)
  if (wanted && wanted !== provider)
    return report(provider, 'passed over', `${wanted.label} was asked for; not tried.`, null)
  if (!wanted && provider.name === 'tensorrt' && best !== cpu) {
    return report(
      provider,
      'passed over',
      'Not tried by itself: it prepares a model for minutes. Ask for it by name.',
      null
    )
  }
  return null
}

async function tryProvider(
  provider: Provider,
  onCpu: ModelSession,
  { threads, batch, wanted }: Pick<ChooseOptions, 'threads' | 'batch' | 'wanted'>
): Promise<{ session: ModelSession; speed: number } | { reason: string }> {
  let session: ModelSession | null = null
  try {
    session = { ...(await openSession(onCpu.model, provider, threads)), fixedBatch: onCpu.fixedBatch }
    const count = onCpu.fixedBatch ?? 1
    const output = await runExample(session, count)
    const expected = await runExample(onCpu, count)
    const unusable = firstUnusable(output.data, onCpu.model.manifest.output.activation) !== -1
    const difference = unusable ? Number.NaN : largestDifference(output, expected, onCpu.model)
    if (!(difference <= TOLERANCE)) {
      await session.close()
      return { reason: `${provider.label} computes other numbers than the CPU (off by ${difference.toPrecision(2)}).` }
    }
    // A software adapter takes seconds a field: one timed field tells, where nobody asked for it by name.
    return { session, speed: await measure(session, wanted ? 1 : batch) }
  } catch (error) {
    await session?.close().catch(() => {})
    return { reason: reasonOfProviderError(provider, messageOf(error)) }
  }
}

/** Fields a second of a session that has run before: of one field where that is slow, else the better of two batches. */
async function measure(session: ModelSession, batch: number): Promise<number> {
  const one = session.fixedBatch ?? 1
  const single = await timed(session, one)
  const count = session.fixedBatch ?? batch
  if (single < 10 || count === one) return single
  return Math.max(await timed(session, count), await timed(session, count))
}

async function timed(session: ModelSession, count: number): Promise<number> {
  const started = performance.now()
  await runExample(session, count)
  return (count * 1000) / Math.max(0.01, performance.now() - started)
}

const report = (
  { name }: Provider,
  status: ProviderReport['status'],
  reason: string,
  fieldsPerSecond: number | null
): ProviderReport => ({ name, status, reason, fieldsPerSecond })

/** What became of a provider that works. */
function outcome(tried: ProviderReport, chosen: Provider, wanted: Provider | null): ProviderReport {
  if (tried.name === chosen.name) {
    return {
      ...tried,
      status: 'chosen',
      reason: wanted === chosen ? 'You asked for it.' : 'The fastest that works here.'
    }
  }
  const speed = tried.fieldsPerSecond === null ? '' : ` (here ${perSecond(tried.fieldsPerSecond)} fields a second)`
  const why = wanted === chosen ? `${chosen.label} was asked for` : `${chosen.label} is faster`
  return { ...tried, status: 'passed over', reason: `It works, but ${why}${speed}.` }
}

const perSecond = (speed: number): string => (speed < 10 ? speed.toFixed(1) : Math.round(speed).toString())

function noteOf(
  wanted: Provider | null,
  chosen: Provider,
  reports: Map<string, ProviderReport>,
  excluded: Excluded[]
): string | null {
  if (wanted && wanted !== chosen) {
    const reason = reports.get(wanted.name)?.reason ?? `This build of onnxruntime has no ${wanted.label}.`
    return `${wanted.label} can’t be used here, so ${chosen.label} is. ${reason}`
  }
  const crashed = excluded.at(-1)
  return crashed ? `${findProvider(crashed.name).label} was given up, ${chosen.label} is used. ${crashed.reason}` : null
}

const rank = (known: Provider[], { name }: ProviderReport): number =>
  known.findIndex((provider) => provider.name === name)
