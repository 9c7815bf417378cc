/** What is to be done with a page, as the pages process is told. */
import type { Quad } from '../../../shared/forms'
import { cropsFolder } from '../../crop'
import { NominaError } from '../../../shared/failure'
import { findFile } from '../../recognise/files'
import type { ReadOnlyDatabase } from '../../store'
import { decidedBoxes } from '../../store/boxes'
import type { StoredPage } from '../../store/pages'
import { findTemplate } from '../../store/templates'
import type { PageJob, Placing } from '../../../reading/pages/process'

/** @throws NominaError `unreadable` where the page's file is gone or changed */
export async function jobOf(db: ReadOnlyDatabase, page: StoredPage, placing = placingOf(db, page)): Promise<PageJob> {
  if (page.sha256 === null) throw new NominaError('unreadable', page.sourceReason ?? 'Its file could not be read.')
  const found = await findFile(db, page.sha256)
  if ('reason' in found) throw new NominaError('unreadable', found.reason)
  const decided = decidedBoxes(db, page.id)
  return { path: found.path, number: page.number, crops: cropsFolder(db), sha256: page.sha256, placing, decided }
}

/** As a person laid it, where they did; as it was found, where only its fields are cut again; else by looking. */
export function placingOf(db: ReadOnlyDatabase, page: StoredPage): Placing {
  const { templateId, corners, homography, turns, score, wantedTemplateId } = page
  if (templateId !== null && findTemplate(db, templateId)) {
    if (homography) return { by: 'known', templateId, homography: homography as never, turns, score: score ?? 0 }
    if (corners) return { by: 'corners', templateId, corners: corners as Quad }
  }
  const wanted = wantedTemplateId !== null && findTemplate(db, wantedTemplateId) ? wantedTemplateId : null
  return { by: 'looking', templateId: wanted }
}
