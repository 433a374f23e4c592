export interface Page {
  number: number
  size: number
  from: number
}

/** The page that the query asks for; anything odd is the first. */
export function pageOf(query: unknown, size = 25): Page {
  const asked = query && typeof query === 'object' && 'page' in query ? Number(query.page) : 1
  const number = Number.isInteger(asked) && asked >= 1 && asked <= 1_000_000 ? asked : 1
  return { number, size, from: (number - 1) * size }
}

/** The links under a list, shaped for the pagination macro; undefined when one page holds everything. */
export function pagination(page: Page, total: number, href: (number: number) => string): object | undefined {
  const last = Math.max(1, Math.ceil(total / page.size))
  if (last === 1) return undefined
  const shown = [...new Set([1, page.number - 1, page.number, page.number + 1, last])].filter(n => n >= 1 && n <= last)
  const items = shown.flatMap((number, at) => {
    const gap = at > 0 && number - (shown[at - 1] ?? 0) > 1 ? [{ ellipsis: true }] : []
    return [...gap, { number, href: href(number), current: number === page.number }]
  })
  return {
    items,
    ...(page.number > 1 ? { previous: { href: href(page.number - 1) } } : {}),
    ...(page.number < last ? { next: { href: href(page.number + 1) } } : {}),
  }
}
