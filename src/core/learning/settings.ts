/** When a project learns by itself. */
import type { LearningSettings, LearningState } from '../../shared/contract/learning'
import type { Project } from '../project'
import { currentModelId, getSetting, immediate, setSetting, type Database, type ReadOnlyDatabase } from '../store'
import { readEnvironment } from './environment'

const KEY = 'learning'
const usual: LearningSettings = { on: true, onBattery: false, budget: 60 }

export const settingsOf = (db: ReadOnlyDatabase): LearningSettings => ({
  ...usual,
  ...getSetting(db, KEY)
})

export const changeSettings = (
  db: Database,
  change: { [K in keyof LearningSettings]?: LearningSettings[K] | undefined }
): void => immediate(db, () => setSetting(db, KEY, { ...settingsOf(db), ...change }))

/** What keeps a round from starting by itself, whatever was decided; null: nothing. */
export function waitsFor({ app, db }: Pick<Project, 'app' | 'db'>): LearningState['waits'] {
  const { on, onBattery } = settingsOf(db)
  if (!on) return 'switched-off'
  if (currentModelId(db) === null) return 'a-reader'
  if (!readEnvironment(app.options.dataDir)) return 'set-up'
  return !onBattery && app.options.power?.onBattery() ? 'mains' : null
}
