// Types that are compared: what is not the same does not compile.

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
    ? true
    : false;

/** Takes true if A and B are one type, and false if they are not. */
export function same<A, B>(answer: Same<A, B>): boolean {
  return answer;
}
