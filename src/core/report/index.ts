/** A page about a project to print or send. */
import type { ReportLanguage } from '../../shared/contract/export'
import type { Control } from '../jobs'
import type { Project } from '../project'
import { examplesOf } from './examples'
import { figuresOf } from './figures'
import { reportPage } from './page'

/** @param masked no whole name is in it, neither as text nor as ink, and nobody's who decided */
export const makeReport = async (
  project: Project,
  { language, masked }: { language: ReportLanguage; masked: boolean },
  control: Control = {}
): Promise<string> =>
  reportPage({
    name: project.name,
    at: new Date(),
    language,
    masked,
    figures: await figuresOf(project.db, control),
    examples: await examplesOf(project, masked)
  })
