/**
 * The engine holds one model and the pages processes one set of templates, and all open projects use them: what a project
 * asks for is done with its own, while others that need others wait for their turn.
 */
import type { Engine } from '../../reading/engine'
import type { Model } from '../../reading/models'
import type { PagesClient, ProcessTemplate } from '../../reading/pages/process'
import type { Turns } from '../../reading/turns'
import { NominaError, say } from '../../shared/failure'

export function lendEngine(engine: Engine, turns: Turns): Engine {
  let mine: { model: Model; provider: string | null } | null = null
  const keyOf = ({ model, provider }: NonNullable<typeof mine>): string =>
    JSON.stringify([model.hash, model.manifestPath, provider])
  return {
    load(model, provider) {
      mine = { model, provider }
      return turns.with(keyOf(mine), () => engine.load(model, provider))
    },
    async read(items, signal) {
      if (!mine) throw new NominaError('refused', say('noModel'))
      const { model, provider } = mine
      return turns.with(keyOf(mine), async () => {
        signal?.throwIfAborted()
        await engine.load(model, provider) // nothing is done where it is loaded still
        return engine.read(items, signal)
      })
    },
    report: () => engine.report(),
    stop: () => Promise.resolve() // it is the app's
  }
}

export function lendPages(pages: PagesClient, turns: Turns): PagesClient {
  const project = {}
  let templates: ProcessTemplate[] = []
  return {
    call: (name, input) =>
      name === 'page'
        ? turns.with(project, async () => {
            await pages.setTemplates(templates)
            return pages.call(name, input)
          })
        : pages.call(name, input),
    setTemplates(given) {
      templates = given
      return turns.with(project, () => pages.setTemplates(given))
    },
    stop: () => Promise.resolve()
  }
}
