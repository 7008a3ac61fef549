// Packages without types of their own; what is used of them is plain enough.

declare module "bsock";
declare module "bsock/lib/*";
declare module "bsock-middleware";
declare module "ws";
