// The roles that have screens here, and the screens of each. The first is where it begins.

/** @type {Record<string, [string, string][]>} */
export const WAYS = {
  candidate: [["accueil", "Accueil"]],
  tutor: [["a-faire", "Tableau de bord"], ["livrets", "Suivi des livrets"]],
  coordinator: [["livrets", "Suivi des livrets"], ["a-faire", "Tableau de bord"]],
};
