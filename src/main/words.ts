/** What the main process itself says: the menu, and boxes that the page cannot show. English and French side by side. */
import jobs from '../shared/job-words.json'
import type { Language } from '../shared/preferences'

const en = {
  file: '&File',
  newFromFolder: 'New from folder…',
  open: 'Open…',
  export: 'Export…',
  closeWindow: 'Close window',
  quit: 'Quit Nomina',
  edit: '&Edit',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select all',
  view: '&View',
  resetZoom: 'Actual size',
  zoomIn: 'Larger',
  zoomOut: 'Smaller',
  fullScreen: 'Full screen',
  window: '&Window',
  minimise: 'Minimise',
  zoomWindow: 'Zoom',
  front: 'Bring all to front',
  help: '&Help',
  about: 'About Nomina',
  lookForNewer: 'Look for a newer Nomina…',
  services: 'Services',
  hide: 'Hide Nomina',
  hideOthers: 'Hide others',
  showAll: 'Show all',
  couldNotStart: 'Nomina could not start',
  wentWrong: 'Something went wrong in Nomina. What was decided is stored.',
  couldNotOpen: 'The project could not be opened',
  notStored: 'Some decisions are not stored yet',
  notStoredWhy: 'They are stored within a moment. If you close now, they are lost.',
  keepOpen: 'Keep open',
  closeAndLose: 'Close and lose them',
  windowEnded: 'The window ended several times',
  windowEndedWhy: 'What was decided is stored.',
  tryAgain: 'Try again',
  doing: jobs.en.doing,
  hasEnded: 'Done:',
  hasFailed: 'It failed. Nomina says why.',
  stillWorking: 'Nomina is still working',
  goesOn: 'It goes on when the project is opened again.',
  projects: 'Projects'
}
export type Words = typeof en

const fr: Words = {
  file: '&Fichier',
  newFromFolder: 'Nouveau, depuis un dossier…',
  open: 'Ouvrir…',
  export: 'Exporter…',
  closeWindow: 'Fermer la fenêtre',
  quit: 'Quitter Nomina',
  edit: '&Édition',
  undo: 'Annuler',
  redo: 'Rétablir',
  cut: 'Couper',
  copy: 'Copier',
  paste: 'Coller',
  selectAll: 'Tout sélectionner',
  view: '&Affichage',
  resetZoom: 'Taille réelle',
  zoomIn: 'Agrandir',
  zoomOut: 'Réduire',
  fullScreen: 'Plein écran',
  window: 'Fe&nêtre',
  minimise: 'Réduire la fenêtre',
  zoomWindow: 'Agrandir la fenêtre',
  front: 'Tout ramener au premier plan',
  help: 'Ai&de',
  about: 'À propos de Nomina',
  lookForNewer: 'Chercher une nouvelle version…',
  services: 'Services',
  hide: 'Masquer Nomina',
  hideOthers: 'Masquer les autres',
  showAll: 'Tout afficher',
  couldNotStart: 'Nomina n’a pas pu démarrer',
  wentWrong: 'Une erreur s’est produite dans Nomina. Ce qui a été décidé est enregistré.',
  couldNotOpen: 'Le projet n’a pas pu être ouvert',
  notStored: 'Des décisions ne sont pas encore enregistrées',
  notStoredWhy: 'Elles le seront dans un instant. Si vous fermez maintenant, elles sont perdues.',
  keepOpen: 'Garder ouvert',
  closeAndLose: 'Fermer et les perdre',
  windowEnded: 'La fenêtre s’est arrêtée plusieurs fois',
  windowEndedWhy: 'Ce qui a été décidé est enregistré.',
  tryAgain: 'Réessayer',
  doing: jobs.fr.doing,
  hasEnded: 'Terminé :',
  hasFailed: 'Échec. Nomina dit pourquoi.',
  stillWorking: 'Nomina travaille encore',
  goesOn: 'Le travail reprendra quand le projet sera rouvert.',
  projects: 'Projets'
}

/**
 * @param chosen the person's own choice of a language
 * @param locale of the system, such as `fr-CH`
 */
export function wordsOf(chosen: Language | null, locale: string): Words {
  const language = chosen ?? locale.slice(0, 2)
  return language === 'fr' ? fr : en
}
