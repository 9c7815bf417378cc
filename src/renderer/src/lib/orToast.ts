import { wasCancelled } from '../../../shared/failure'
import { messageOf } from './api'
import { toast } from './toasts.svelte'

/**
 * Does it; where that fails, a toast says why. What the person cancelled did not fail.
 * @param said a sentence around the reason
 * @returns whether it was done
 */
export async function orToast(work: () => Promise<unknown>, said = (reason: string) => reason): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (!wasCancelled(error)) toast('failure', said(messageOf(error)))
    return false
  }
}
