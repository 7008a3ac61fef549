import factory, { EXPECTED } from "bsock-wasm/external";
import "./style.css";

document.title = `${factory()} ${EXPECTED.version}`;
