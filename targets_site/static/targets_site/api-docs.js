// Swagger's page of the API. Its own start-up script stands within the page, which the content
// security policy refuses; and its default asks a server on the internet whether the description
// is valid.
"use strict";

const place = document.getElementById("api-docs");
const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  validatorUrl: null,
  deepLinking: false,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  requestInterceptor(request) {
    request.headers["X-CSRFToken"] = token;
    return request;
  },
});
