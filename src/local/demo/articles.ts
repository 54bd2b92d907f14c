/** What the demo's site says, in English and French. */
export const articles = [
  ['Opening hours', 'Heures d’ouverture'],
  ['Getting here', 'Comment venir'],
  ['Spring menu', 'Carte de printemps'],
  ['Our bakers', 'Nos boulangers'],
  ['Sourdough course', 'Cours de levain'],
  ['Gift vouchers', 'Bons cadeaux'],
  ['Allergens', 'Allergènes'],
  ['Suppliers', 'Fournisseurs'],
  ['Jobs', 'Emplois'],
  ['Press', 'Presse'],
  ['Contact', 'Contact'],
  ['Imprint', 'Mentions légales'],
] as const

/** Three pixels by two, so that the demo needs no file. */
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAFUlEQVR4nGP8z8DAwMDAxAADUAQANh4BBU1Qd3cAAAAASUVORK5CYII=',
  'base64',
)
