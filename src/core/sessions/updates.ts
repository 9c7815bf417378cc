import type { updatesEndpoints } from '../../shared/contract/updates'
import type { App } from '../app'
import type { AppHandlers } from '../project'

const answered = ({ updates }: App, act: () => void): App['updates']['state'] => {
  act()
  return updates.state
}

export const updatesHandlers: AppHandlers<keyof typeof updatesEndpoints> = {
  'updates.state': ({ updates }) => updates.state,
  'updates.setFeed': async ({ updates }, { url }) => {
    await updates.setFeed(url)
    return updates.state
  },
  'updates.look': (app) => answered(app, () => app.updates.look()),
  'updates.fetch': (app) => answered(app, () => app.updates.fetch()),
  'updates.stop': (app) => answered(app, () => app.updates.stop()),
  'updates.install': (app) => answered(app, () => app.updates.install())
}
