export { BUILD, EXPECTED } from "bsock:build";
export default function factory() {
  return "external";
}
