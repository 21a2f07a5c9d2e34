/** Many readers, one question: what was asked for lately is not asked for again. Only the newest answer is kept. */

/** `work` is done at most once in `ms`; one that failed is done again at once. */
export function remembered<T>(ms: number, work: () => Promise<T>): () => Promise<T> {
  let last: { at: number; answer: Promise<T> } | null = null;
  return () => {
    if (last !== null && performance.now() - last.at < ms) return last.answer;
    const answer = work();
    const mine = (last = { at: performance.now(), answer });
    answer.catch(() => {
      if (last === mine) last = null;
    });
    return answer;
  };
}
