/** Months of a term. */
export const termMonths = 36
/** The charter: at most three terms a person. */
export const mostTerms = 3
