/// <reference types="vite/client" />

declare module 'virtual:atlassian-themes.css';
