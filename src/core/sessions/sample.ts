import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { NominaError } from '../../shared/failure'
import type { App } from '../app'
import { importTemplate } from '../forms/templates'
import { inspectLabels } from '../ingest'
import { startImport } from '../ingest/job'
import type { Project, Session } from '../project'
import { hasStore } from '../store'
import { projectsFolder } from './paths'

const SAMPLE_NAMES = { fields: 'Sample', forms: 'Sample forms' }

/** A sample project: made at the first call, imported and read by itself. */
export async function openSample(app: App, session: Session, sample: 'fields' | 'forms' = 'fields'): Promise<Project> {
  const path = join(projectsFolder(app), SAMPLE_NAMES[sample])
  if (hasStore(path)) return session.open(path, { goOn: true })
  const samples = join(app.options.samplesDir, sample)
  const first = join(samples, sample === 'fields' ? 'labels.csv' : 'template.json')
  if (!existsSync(first)) throw new NominaError('not-found', `The samples are missing from ${samples}.`)
  mkdirSync(path, { recursive: true })
  const project = await session.open(path, { create: true })
  if (sample === 'fields') {
    const { chosen } = await inspectLabels({ path: first, paths: [samples] })
    startImport(project, { paths: [samples], labels: chosen, recognise: true })
  } else {
    await importTemplate(project.db, project.pages, first)
    startImport(project, { paths: [join(samples, 'pages')], labels: null, recognise: true, pages: true })
  }
  return project
}
