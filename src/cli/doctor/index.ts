import { arch, availableParallelism, platform, release, totalmem } from 'node:os'
import type { Core } from '../../core'
import { messageOf, NominaError } from '../../shared/failure'
import { describeModels } from '../../core/models'
import type { Settings } from '../../core/app/installation'
import { preferredModel } from '../../reading'
import type { Check, Diagnosis } from './check'
import { checkDataFolder, checkStore } from './storage'
import { checkDisplay, checkElectron, checkFonts, checkPage } from './shells'

/** Looks at everything that Nomina needs; a thing that fails is a finding, never the end of the examination. */
export async function checkEverything(
  settings: Settings,
  core: Core | NominaError,
  provider: string | null
): Promise<Diagnosis> {
  const started = core instanceof NominaError ? null : core
  const { models, refused } = started ? describeModels(started.app, null) : { models: [], refused: [] }
  const unusable = started ? await checkOtherModels(started) : []
  const engine = started ? await checkEngine(started, provider) : null
  const checks: Check[] = [
    checkNode(),
    started ? checkDataFolder(settings.dataDir) : { name: 'start', status: 'failed', found: messageOf(core) },
    checkStore(settings.dataDir),
    ...(engine ? [engine.check] : []),
    ...(engine?.gpu ? [engine.gpu] : []),
    ...(started
      ? [
          checkModels(
            models.map((model) => model.id),
            started.app.modelsFolder
          )
        ]
      : []),
    ...unusable,
    ...refused.map(({ path, reason }): Check => {
      return {
        name: 'refused model',
        status: 'note',
        found: `${path}: ${reason}`,
        advice: 'Repair it or take it out of the folder.'
      }
    }),
    checkPage(settings.rendererDir),
    checkFonts(settings.rendererDir),
    checkElectron(),
    checkDisplay()
  ]
  return {
    ok: checks.every((check) => check.status !== 'failed'),
    version: settings.version,
    platform: {
      os: platform(),
      release: release(),
      architecture: arch(),
      node: process.versions.node,
      cores: availableParallelism(),
      memoryBytes: totalmem()
    },
    dataDir: settings.dataDir,
    providers: started?.app.engine.report().providers ?? [],
    models: models.map(({ current: _, ...model }) => model),
    refused,
    checks
  }
}

function checkNode(): Check {
  const major = Number(process.versions.node.split('.')[0])
  const found = `${process.versions.node} on ${platform()} ${release()} (${arch()})`
  if (major >= 22) return { name: 'Node', status: 'ok', found }
  return {
    name: 'Node',
    status: 'failed',
    found,
    advice: 'Run Nomina by its npm scripts: they use a Node of their own.'
  }
}

const checkModels = (ids: string[], folder: string): Check =>
  ids.length > 0
    ? { name: 'models', status: 'ok', found: ids.join(', ') }
    : { name: 'models', status: 'failed', found: 'none', advice: `Put a model (.onnx and .json) into ${folder}.` }

/** Some faults of a model only show when it is run: wrong shapes, missing classes, numbers that are none. */
async function checkOtherModels({ app }: Core): Promise<Check[]> {
  const preferred = preferredModel(app.registry.models)
  const unusable: Check[] = []
  for (const model of app.registry.models) {
    if (model === preferred) continue
    try {
      await app.engine.load(model, 'cpu')
    } catch (error) {
      const advice = 'Repair it or take it out of the folder.'
      unusable.push({ name: 'refused model', status: 'note', found: messageOf(error), advice })
    }
  }
  return unusable
}

/** Loads the preferred model for real, so that providers are tried and not guessed. */
async function checkEngine({ app }: Core, provider: string | null): Promise<{ check: Check; gpu: Check | null }> {
  const model = preferredModel(app.registry.models)
  if (!model)
    return { check: { name: 'engine', status: 'failed', found: 'there is no model to try it with' }, gpu: null }
  try {
    const loaded = await app.engine.load(model, provider)
    const found = `${model.manifest.id} runs on ${loaded.provider}`
    const faster = loaded.providers.filter((one) => one.status !== 'chosen')
    const passedOver = faster.map(({ name, status, reason }) => `${name} ${status} (${reason})`).join('; ')
    return {
      check: { name: 'engine', status: 'ok', found: loaded.note ? `${found}. ${loaded.note}` : found },
      gpu: passedOver ? { name: 'other providers', status: 'note', found: passedOver } : null
    }
  } catch (error) {
    const advice = `See ${app.options.dataDir}/logs, and try --provider cpu.`
    return { check: { name: 'engine', status: 'failed', found: messageOf(error), advice }, gpu: null }
  }
}
