// An onboarding through the Java client that openapi-generator made. java.net.http offers `Upgrade: h2c` with every call.
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.ClientsApi;
import org.openapitools.client.api.ProductsApi;
import org.openapitools.client.model.*;

public class Onboarding {
    public static void main(String[] arguments) throws Exception {
        ApiClient api = new ApiClient();
        api.updateBaseUri(System.getenv("OSTIARY_URL"));
        api.setRequestInterceptor(one -> one.header("x-api-key", System.getenv("OSTIARY_API_KEY")));
        String picture = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(System.getenv("PICTURE"))));
        String mark = Long.toString(System.nanoTime() % 1_000_000_000L);
        ClientBody person = api.getObjectMapper().convertValue(Map.of(
            "first_name", "Maria", "last_name", "Barber", "email", "java." + mark + "@example.com",
            "birth_date", "1984-11-21", "phone_country_code", 54, "phone_number", 1168860622, "occupation", "Teacher",
            "address", Map.of("street_line1", "Florida 9860", "city", "Del Viso", "country", "ARG")), ClientBody.class);
        DocumentationBody document = api.getObjectMapper().convertValue(Map.of("document", Map.of(
            "document_type", "passport", "image_front", picture,
            "metadata", Map.of("number", "J" + mark, "issuing_country", "ARG", "expiration_date", "2031-01-01"))),
            DocumentationBody.class);
        ProductBody wanted = api.getObjectMapper().convertValue(Map.of("subproduct", "cards_individuals"), ProductBody.class);
        ClientsApi clients = new ClientsApi(api);
        ProductsApi products = new ProductsApi(api);
        String client = clients.createClient(person, null, null, null).getId();
        String request = products.requestProduct(client, wanted, null, null, null, null).getId();
        if (!products.completeDocumentation(client, request, document, null, null, null, null).getRejectedItems().isEmpty())
            throw new IllegalStateException("the document was not taken");
        if (!products.submitProduct(client, request, null, null, null, null, Map.of()).getRejectedItems().isEmpty())
            throw new IllegalStateException("not submitted");
        for (int tries = 0; tries < 150; tries++) {
            String status = products.readProduct(client, request, null, null, null).getStatus().getValue();
            if (status.equals("enabled")) {
                System.out.println(status);
                return;
            }
            Thread.sleep(200);
        }
        throw new IllegalStateException("not enabled");
    }
}
