import { createApi, fetchBaseQuery } from "@reduxjs/toolkit/query";

export const base = createApi({ baseQuery: fetchBaseQuery({ baseUrl: "/" }), endpoints: () => ({}) });
