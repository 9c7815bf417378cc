/** Editors with something that is not stored outlive a look at another view. */
import { session } from '../../../lib/session.svelte'
import type { Editor } from './editor.svelte'

const editors = new Map<string, Editor>()
const keyOf = (templateId: number): string => `${session.project?.path ?? ''}\n${templateId}`

export const keptEditor = (templateId: number): Editor | null => editors.get(keyOf(templateId)) ?? null
export const keepEditor = (editor: Editor): void => void editors.set(keyOf(editor.templateId), editor)
export const dropEditor = (templateId: number): void => void editors.delete(keyOf(templateId))
export const isUnsaved = (templateId: number): boolean => keptEditor(templateId)?.changed ?? false

addEventListener('beforeunload', (event) => {
  if ([...editors.values()].some((editor) => editor.changed)) event.preventDefault()
})
