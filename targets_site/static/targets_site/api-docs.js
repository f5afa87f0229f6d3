// Swagger's list of the API's addresses. Its own start-up script stands within the page, which the
// content security policy refuses; it takes itself for the whole page, with a second <main>; and by
// default it asks a server on the internet whether the description is valid.
"use strict";

const place = document.getElementById("api-docs");
const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;

const addressesAlone = ({ React }) => ({
  components: {
    AddressesAlone({ getComponent }) {
      const addresses = React.createElement(getComponent("operations", true));
      return React.createElement("div", { className: "swagger-ui" }, addresses);
    },
  },
});

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  validatorUrl: null,
  deepLinking: false,
  docExpansion: "none",
  plugins: [addressesAlone],
  layout: "AddressesAlone",
  requestInterceptor(request) {
    request.headers["X-CSRFToken"] = token;
    return request;
  },
});
