/** One row of paired bars: shares of a hundred. */
export interface BarRow {
  words: string
  bars: { says: string; share: number | undefined }[]
}

/** Heights in pixels; lengths are hundredths of the page, so that bars fit a phone and leave room for their labels. */
const [line, high, gap, longest] = [20, 14, 12, 58] as const
const fills = ['#ffffff', '#0a5a5c', '#0b0c0c'] as const

/**
 * Paired bars as numbers to draw: each labelled with what it is and its share, so that colour says nothing alone. The
 * table beside holds the same numbers; `longestRow` says in words what stands out.
 */
export function barsOf(rows: readonly BarRow[]) {
  const most = Math.max(1, ...rows.flatMap(row => row.bars.map(bar => bar.share ?? 0)))
  let y = 0
  const drawn = rows.map(row => {
    y += line
    const said = y - 6
    const bars = row.bars.flatMap((bar, i) => {
      if (bar.share === undefined) return []
      const one = {
        y,
        length: Math.max(0.5, (bar.share / most) * longest),
        height: high,
        fill: fills[i % fills.length] ?? '#ffffff',
        label: `${bar.says} ${bar.share.toFixed(1)}%`,
        labelY: y + high - 3,
      }
      y += high + 2
      return [one]
    })
    y += gap
    return { words: row.words, y: said, bars }
  })
  const top = drawn.find(row => row.bars.some(bar => bar.length === longest))
  return { rows: drawn, height: y, longestRow: top && `${top.words}: ${top.bars.map(bar => bar.label).join(', ')}` }
}
